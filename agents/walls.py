"""The walls of bubblewrap that the browser and commands run behind: no network, none of our files, nothing of ours."""

import os

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp/home", "LANG": "C.UTF-8"}
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")


def build_walls() -> list[str]:
    """Arguments of bubblewrap. Only the system's programs can be read, only a `/tmp` of its own can be written."""
    walls = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        walls += ["--setenv", name, value]
    walls += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/tmp/home"]
    for path in _SYSTEM:
        if os.path.islink(path):
            walls += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            walls += ["--ro-bind", path, path]
    return walls
