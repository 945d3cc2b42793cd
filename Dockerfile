# One image for web, worker, beat and reel, and one that has a browser as well, for the checks.
FROM node:22-slim AS frontend
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.13-slim AS playground
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --extra postgres --compile-bytecode
ENV PATH="/app/.venv/bin:$PATH" PLAYGROUND_DATA=/data
COPY manage.py ./
COPY agents agents
COPY playground playground
COPY --from=frontend /app/frontend/dist frontend/dist
COPY --from=frontend /app/frontend/node_modules/@esbuild frontend/node_modules/@esbuild
RUN python -m compileall -q agents playground && pybabel compile -d playground/locale -D django && useradd --system playground && install -d -o playground /data
USER playground
VOLUME /data
EXPOSE 8000

FROM playground AS checker
USER root
RUN apt-get update && apt-get install -y --no-install-recommends chromium bubblewrap fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
USER playground
