"""The playground's own account: it owns the demos and what an operator publishes by command."""

from playground.accounts.models import User

HOUSE = "Playground"


def house_user() -> User:
    """Nobody can sign in as this user: there is no e-mail address and no password."""
    user = User.objects.filter(email=None, is_guest=False, name=HOUSE).first()
    if user is None:
        user = User(name=HOUSE)
        user.set_unusable_password()
        user.save()
    return user
