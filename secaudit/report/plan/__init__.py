"""The remediation plan: the register as an official document, by priority and due date."""
