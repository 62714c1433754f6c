#!/usr/bin/python
"""Brings a node of an LVS cluster to its cluster file; check mode is `lvsctl diff`."""

DOCUMENTATION = r"""
module: lvsctl
short_description: Bring a node to what the cluster file says
description:
  - Runs C(lvsctl apply), or in check mode C(lvsctl diff), which changes nothing and tells the same changes.
  - With C(--diff) the text of C(lvsctl diff) is shown.
options:
  file:
    description: The cluster file on the node.
    type: path
    default: /etc/lvsctl/cluster.conf
  content:
    description:
      - What the cluster file says, or is going to say, in base64. In check mode this is compared with the node, since the
        file may not be there yet. Otherwise the file has to be the same.
    type: str
  state:
    description:
      - C(valid) only checks the content or the file (C(lvsctl validate)).
      - C(keepalived) only returns the configuration of keepalived for it (C(lvsctl export keepalived --vrrp)).
    type: str
    choices: [applied, valid, keepalived]
    default: applied
  node:
    description: The node of the file that this host is; left out, lvsctl goes by the host's addresses.
    type: str
  options:
    description: Further words for both C(lvsctl diff) and C(lvsctl apply), such as C(--prune).
    type: list
    elements: str
    default: []
  apply_options:
    description: Further words for C(lvsctl apply) alone, such as C(--graceful=60).
    type: list
    elements: str
    default: []
attributes:
  check_mode: {support: full}
  diff_mode: {support: full}
"""

RETURN = r"""
node: {description: The node of the file that this host is., type: str, returned: applied}
role: {description: The role it has, such as C(director), type: str, returned: applied}
changes: {description: The changes in their order, type: list, elements: dict, returned: applied}
findings: {description: What no change can mend, type: list, elements: dict, returned: applied}
unmanaged: {description: Services that the file does not name, type: list, elements: str, returned: applied}
text: {description: The configuration of keepalived, type: str, returned: keepalived}
"""

import base64
import json

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(
        argument_spec={
            "file": {"type": "path", "default": "/etc/lvsctl/cluster.conf"},
            "content": {"type": "str"},
            "state": {"type": "str", "choices": ["applied", "valid", "keepalived"], "default": "applied"},
            "node": {"type": "str"},
            "options": {"type": "list", "elements": "str", "default": []},
            "apply_options": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    params = module.params
    content = None if params["content"] is None else base64.b64decode(params["content"])

    lvsctl = module.get_bin_path("lvsctl", opt_dirs=["/usr/local/sbin", "/usr/local/bin", "/usr/sbin"])
    if lvsctl is None:
        module.fail_json(
            msg="lvsctl is not on this host. Install it first, for instance by this role's lvsctl_package; "
            "until then nobody can say what it would change."
        )

    def run(command, *words):
        """Runs a command of lvsctl on the content where the file may be another one yet, else on the file."""
        on_content = content is not None and command != "apply"
        source = "-" if on_content else params["file"]
        return module.run_command(
            [lvsctl, command, *words, source], data=content if on_content else None, binary_data=True
        )

    def fail(command, status, errors, **facts):
        module.fail_json(msg=errors.strip() or f"lvsctl {command} ended with {status}.", rc=status, **facts)

    node = ["--node=" + params["node"]] if params["node"] else []
    reading = [word for word in params["options"] if word == "--any-sysctl"]

    if params["state"] == "valid":
        status, _, errors = run("validate", *reading)
        if status != 0:
            fail("validate", status, errors)
        module.exit_json(changed=False)

    if params["state"] == "keepalived":
        status, text, errors = run("export", "keepalived", "--vrrp", *node, *reading)
        if status != 0:
            fail("export", status, errors)
        module.exit_json(changed=False, text=text)

    words = node + params["options"]
    result = {}

    if module._diff:
        # Before anything is changed: afterwards there is nothing left to show.
        status, text, errors = run("diff", *words)
        if status not in (0, 1):
            fail("diff", status, errors)
        if status == 1:
            result["diff"] = {"prepared": text}

    if module.check_mode:
        command, good = "diff", (0, 1)
    else:
        command, good = "apply", (0,)
        words += params["apply_options"]
        if content is not None:
            with open(params["file"], "rb") as file:
                if file.read() != content:
                    module.fail_json(msg=f"{params['file']} is not what is to be applied. Nothing was changed.")
    status, text, errors = run(command, "--format=json", *words)
    plan = json.loads(text) if text else {}
    for key in ("node", "role", "changes", "findings", "unmanaged"):
        if key in plan:
            result[key] = plan[key]
    if status not in good:
        fail(command, status, errors, error=plan.get("error"), **result)
    for finding in plan["findings"]:
        if finding["severity"] in ("error", "warning"):
            module.warn(f"{plan['node']}: {finding['message']}")
    module.exit_json(changed=bool(plan["changes"]), **result)


if __name__ == "__main__":
    main()
