"""What is imported of the SDK, mostly in processes of their own: what one test imports, all others would have."""

import subprocess
import sys

LOADED = """
import sys
print(len([name for name in sys.modules if name.startswith("lark_oapi")]), "lark_oapi" in sys.modules)
"""
OF_ALL = 10_000  # modules, roughly


def ran(code):
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_adapter_alone_imports_nothing_of_it():
    assert ran("import adapters.feishu" + LOADED) == ["0", "False"]


def test_the_long_connection_imports_its_client_and_not_the_models_of_all_apis():
    modules, left_behind = ran("from adapters.feishu.socket import Socket" + LOADED)
    assert 0 < int(modules) < OF_ALL / 100
    assert left_behind == "False"


def test_whoever_wants_all_of_it_gets_all_of_it():
    import lark_oapi as lark

    from adapters.feishu.sdk import client

    assert lark.ws.Client is client.Client
    assert lark.EventDispatcherHandler.builder("", "").build()
    assert lark.Client.builder().app_id("a").app_secret("b").build().im.v1.message.create
