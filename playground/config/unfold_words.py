"""What django-unfold says on the admin pages in English alone: named here, so that our catalogue translates it."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy as _n

WORDS = (
    # signing in and out
    _("Welcome back to"),
    _("Return to site"),
    _("Forgotten your password or username?"),
    _("You have been successfully logged out from the administration"),
    # lists
    _("Type to search"),
    _("Reset filters"),
    _("Apply Filters"),
    _("No results found"),
    _("This page yielded into no results."),
    _("Select action to run"),
    _("Run the selected action"),
    _("Select record"),
    _("True"),
    _("False"),
    _n("%(counter)s result", "%(counter)s results", "counter"),
    # forms
    _("General"),
    _("Date"),
    _("Select value"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("This item will be deleted."),
    _("Toggle password visibility"),
    _("After you've created a user, you’ll be able to edit more user options."),
    _n("entry", "entries", "counter"),
    # deleting
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items '
        "will be deleted:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account "
        "doesn't have permission to delete the following types of objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related "
        "objects:"
    ),
    # themes, search and shortcuts
    _("System"),
    _("Search apps and models..."),
    _("Nothing matched your search"),
    _n(
        '\n            Found <span class="font-medium text-important">%(counter)s</span> result in %(time)s '
        "seconds\n        ",
        '\n            Found <span class="font-medium text-important">%(counter)s</span> results in %(time)s '
        "seconds\n        ",
        "counter",
    ),
    _("Available shortcuts"),
    _("Global shortcuts"),
    _("Open command tool"),
    _("Open shortcuts list"),
    _("Toggle sidebar"),
    _("Toggle dark/light mode"),
    _("Changelist shortcuts"),
    _("Toggle filter"),
    _("Create new record"),
    _("Command tool shortcuts"),
    _("Navigate"),
    _("Select"),
    _("Open selection"),
    _("Open selection in new tab"),
)
