"""What the gateway is compared with: nginx, a bare pass-through, LiteLLM."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.gateway_serving import Served, ask, free_port, process, wait_for

_KEY: Final = "sk-bench-0123456789"
_START_SECONDS: Final = 120
_NGINX: Final = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  upstream provider {{ server 127.0.0.1:{upstream}; keepalive 256; }}
  server {{
    listen 127.0.0.1:{port} backlog=2048; keepalive_requests 1000000;
    location / {{
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""
_LITELLM: Final = """
model_list:
  - model_name: mock
    litellm_params:
      model: openai/mock
      api_base: http://127.0.0.1:{upstream}/v1
      api_key: sk-none
guardrails:
  - guardrail_name: values
    litellm_params:
      guardrail: litellm_content_filter
      mode: [pre_call, post_call]
      default_on: true
      patterns:
        - {{pattern_type: prebuilt, pattern_name: email, action: MASK}}
        - {{pattern_type: prebuilt, pattern_name: us_ssn, action: MASK}}
        - {{pattern_type: prebuilt, pattern_name: visa, action: MASK}}
general_settings:
  master_key: {key}
litellm_settings:
  telemetry: false
"""


def nginx_program() -> str:
    """Find nginx, which Debian keeps where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or ""


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[Served]:
    """Run nginx as a plain proxy with one worker."""
    own, port = folder / "nginx", free_port()
    own.mkdir()
    file = own / "nginx.conf"
    file.write_text(_NGINX.format(folder=own, upstream=upstream, port=port), encoding="utf-8")
    with process([nginx_program(), "-c", str(file), "-p", str(own)], core=0) as running:
        wait_for(port)
        yield Served(port, running)


@contextmanager
def bare(upstream: int) -> Iterator[Served]:
    """Run the least that a gateway in Python costs."""
    port = free_port()
    given = [str(port), f"http://127.0.0.1:{upstream}"]
    with process([sys.executable, "-m", "benchmarks.gateway_bare", *given], core=0) as running:
        wait_for(port)
        yield Served(port, running)


@contextmanager
def litellm(folder: Path, upstream: int, program: str) -> Iterator[Served]:
    """Run LiteLLM with one worker, a key and its own content filter; it has no durable record."""
    port, file, log = free_port(), folder / "litellm.yaml", folder / "litellm.log"
    file.write_text(_LITELLM.format(upstream=upstream, key=_KEY), encoding="utf-8")
    command = [program, "--config", str(file), "--port", str(port), "--num_workers", "1"]
    with process([*command, "--host", "127.0.0.1"], core=0, log=log) as running:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and running.poll() is None:
            try:
                if ask(port, _KEY) == 200:
                    break
            except OSError:
                pass
            time.sleep(0.2)
        else:
            raise SystemExit(log.read_text(encoding="utf-8")[-2_000:])
        yield Served(port, running, _KEY)
