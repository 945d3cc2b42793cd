from django import forms

from playground.accounts.models import ApiToken, User


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "mails_builds"]


class TokenForm(forms.ModelForm[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ["name"]
