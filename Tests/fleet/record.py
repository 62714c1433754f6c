"""A callback of ansible's that writes down what each task said of each host, a line of JSON each, into $FLEET_RECORD."""

import json
import os

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"

    def _write(self, end, result):
        entry = {"host": result._host.get_name(), "task": result._task.get_name(), "end": end, "result": result._result}
        with open(os.environ["FLEET_RECORD"], "a") as file:
            file.write(json.dumps(entry) + "\n")

    def v2_runner_on_ok(self, result):
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result):
        self._write("unreachable", result)
