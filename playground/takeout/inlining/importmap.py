import json
from urllib.parse import urljoin, urlsplit


class ImportMap:
    """What the page's import maps say, read once for the whole page. Scopes count as if they were for everybody."""

    def __init__(self, base: str) -> None:
        self.imports: dict[str, str] = {}
        self._base = base

    def read(self, text: str) -> None:
        """A map that is no JSON holds nothing, as in a browser."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return
        maps = [value.get("imports"), *(value.get("scopes") or {}).values()] if isinstance(value, dict) else []
        for entries in maps:
            for name, target in (entries if isinstance(entries, dict) else {}).items():
                if isinstance(target, str):
                    self.imports.setdefault(name, urljoin(self._base, target))

    def resolve(self, specifier: str, base: str) -> str | None:
        """The address that an import in the file at `base` means; None for a bare name that nobody knows."""
        if specifier in self.imports:
            return self.imports[specifier]
        prefixes = [name for name in self.imports if name.endswith("/") and specifier.startswith(name)]
        if prefixes:
            longest = max(prefixes, key=len)
            return urljoin(self.imports[longest], specifier.removeprefix(longest))
        if specifier.startswith(("./", "../", "/")) or urlsplit(specifier).scheme in ("http", "https"):
            return urljoin(base, specifier)
        return None
