"""docker-compose.yml: what a deployment relies on. That its commands work together, the browser tests show."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from playground.config.settings import _database

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if str(service["image"]).startswith("playground")]
SCALED = ("web", "worker", "checker", "builder")


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    named = {name.removesuffix("_FILE") for service in OURS for name in SERVICES[service]["environment"]}
    assert named <= documented


@pytest.mark.parametrize("name", SERVICES)
def test_each_is_bounded_and_kept_running(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("on-failure" if name == "setup" else "unless-stopped")
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
    assert ("healthcheck" in service) is (name != "setup")
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SCALED)
def test_any_number_of_it_can_run(name: str) -> None:
    assert not SERVICES[name].keys() & {"ports", "container_name", "hostname"}
    assert "--beat" not in SERVICES[name]["command"]


def test_there_are_two_of_what_answers_people_and_works() -> None:
    assert {name: SERVICES[name]["deploy"]["replicas"] for name in ("web", "worker")} == {"web": 2, "worker": 2}


def test_secrets_are_files() -> None:
    for name in OURS:
        for variable, value in SERVICES[name]["environment"].items():
            if re.search("SECRET|PASSWORD|API_KEY", variable):
                assert variable.endswith("_FILE")
                assert str(value).removeprefix("/run/secrets/") in SERVICES[name]["secrets"]
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert "secrets/" in (ROOT / ".gitignore").read_text()
    assert "secrets" in (ROOT / ".dockerignore").read_text().split()


def test_the_password_of_the_database_is_read_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("p@ss/word\n")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    assert _database(SERVICES["web"]["environment"]["DATABASE_URL"])["PASSWORD"] == "p@ss/word"
    assert _database("postgres://me:own@host/name")["PASSWORD"] == "own"


def test_each_queue_has_workers() -> None:
    served = re.findall(r"-Q (\w+)", " ".join(SERVICES[name]["command"] for name in ("worker", "checker", "builder")))
    assert sorted(served) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


def test_nginx_gets_all_that_its_template_names() -> None:
    nginx = SERVICES["nginx"]
    (template,) = [mount.split(":")[0] for mount in nginx["volumes"] if ".template" in mount]
    named = set(re.findall(r"\$\{(\w+)\}", re.sub(r"(?m)#.*", "", (ROOT / template).read_text())))
    assert named == {name for name in nginx["environment"] if name.startswith("PLAYGROUND_")}


def test_compose_understands_it(tmp_path: Path) -> None:
    commands = [["docker", "compose"], ["docker-compose"]]
    usable = [each for each in commands if shutil.which(each[0]) and not subprocess.call([*each, "version"], stdout=-3)]
    if not usable:
        pytest.skip("neither docker compose nor docker-compose is installed")
    command = [*usable[0], "-f", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
