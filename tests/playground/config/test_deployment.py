"""Production settings pass Django's deployment check, and take their secrets from files."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def manage(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """As in production: behind HTTPS, with e-mail, a wildcard host for artifacts, and PostgreSQL."""
    production = {
        "PLAYGROUND_DATA": str(data),
        "PLAYGROUND_URL": "https://play.example.com",
        "PLAYGROUND_ARTIFACT_HOST": "playground-usercontent.example",
        "EMAIL_HOST": "mail.example.com",
        "DATABASE_URL": "postgres://playground@localhost/playground",
    }
    settings = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "PORT")}
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    given = settings | production | environment
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a-key-from-a-file-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH\n")
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY_FILE=str(key))
    assert done.returncode == 0, done.stderr
    assert "WARNINGS" not in done.stdout + done.stderr
    assert not (tmp_path / "secret_key").exists()  # the given one counts, and none was made


def test_it_would_tell_of_a_bad_key_and_nonsense_is_refused(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="short")
    assert done.returncode != 0
    assert "security.W009" in done.stderr
    for name, value in (("PLAYGROUND_LOG_FORMAT", "xml"), ("PLAYGROUND_USER_COST_PER_DAY", "much")):
        done = manage(tmp_path, "check", **{name: value})
        assert f"{name} must be" in done.stderr


def test_tracing_without_the_extra_says_what_to_do(tmp_path: Path) -> None:
    """The extra may be installed here or not: a module that is not there stands for one that is not installed."""
    code = (
        "import sys; sys.modules['opentelemetry.trace'] = None\n"
        "from playground.config.telemetry import begin_telemetry\n"
        "begin_telemetry()"
    )
    environment = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "install the `otel` extra" in done.stderr


def test_tracing_is_not_imported_by_itself() -> None:
    code = (
        "import sys, playground.config.asgi\n"
        "assert not {'opentelemetry.sdk.trace', 'opentelemetry.instrumentation.django'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
