"""Import-linter contracts that belong to this house."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class RoomPrivacy(Contract):
    """Only a room itself (and the assemblers) may import its private modules."""

    type_name = "room_privacy"
    root = fields.StringField()
    private = fields.StringField()
    assemblers = fields.StringField()
    shared = fields.StringField()

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        """Find the modules that import another room's private modules."""
        del verbose
        private = {name.strip() for name in str(self.private).split(",")}
        assemblers = {f"{self.root}.{name.strip()}" for name in str(self.assemblers).split(",")}
        shared = {name.strip() for name in str(self.shared).split(",")}
        trespasses = [
            (importer, module)
            for module in sorted(graph.modules)
            if module.count(".") == 2
            and module.split(".")[1] not in shared
            and module.rsplit(".", 1)[1] in private
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if importer not in assemblers and importer.split(".")[1] != module.split(".")[1]
        ]
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each trespass."""
        for importer, module in check.metadata["trespasses"]:
            output.print_error(f"{importer} may not import {module}")
