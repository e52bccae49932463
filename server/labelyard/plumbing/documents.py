"""GraphQL documents: parsed, validated and compiled once, cached by their text.

Old clients' quirks (client-expectations 6) are met here and nowhere else: a missing space before `orderBy`, enum
variables declared under another name or as String, variables that no operation declares.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    VariableValues,
    get_named_type,
    get_variable_values,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.language import Visitor
from graphql.language.ast import FieldNode, VariableNode
from graphql.utilities import type_from_ast
from graphql.validation import ASTValidationRule, VariablesInAllowedPositionRule
from graphql.validation.rules.variables_in_allowed_position import allowed_variable_usage

from labelyard import errors
from labelyard.plumbing import long_lists, texts
from labelyard.plumbing.binding import Binding
from labelyard.plumbing.limits import Meter
from labelyard.plumbing.plan import Compiler, Node

_MISSING_SPACE = re.compile(r"(\d)orderBy")
_CACHED = 2_000
_LONGEST_CACHED = 50_000
MAX_DOCUMENT = 4_000_000


class LenientVariables(VariablesInAllowedPositionRule):
    """Variables in allowed positions, where an enum also takes a String or another enum's name for the same values."""

    def leave_operation_definition(self, operation: OperationDefinitionNode, *_: Any) -> None:
        """Reports the usages that no client is known to need."""
        for usage in self.context.get_recursive_variable_usages(operation):
            definition = self.var_def_map.get(usage.node.name.value)
            if definition is None or usage.type is None:
                continue
            declared = type_from_ast(self.context.schema, definition.type)
            if declared is None:
                continue
            wanted = get_named_type(usage.type)
            given = get_named_type(declared)
            enums = isinstance(wanted, GraphQLEnumType), isinstance(given, GraphQLEnumType)
            if (enums[0] and (enums[1] or given.name == "String")) or (enums[1] and wanted.name == "String"):
                continue
            if not allowed_variable_usage(
                self.context.schema, declared, definition.default_value, usage.type, usage.default_value
            ):
                self.report_error(
                    GraphQLError(
                        f"Variable '${usage.node.name.value}' of type '{declared}' used in position expecting type"
                        f" '{usage.type}'.",
                        [definition, usage.node],
                    )
                )


_RULES: list[type[ASTValidationRule]] = [
    LenientVariables if rule is VariablesInAllowedPositionRule else rule
    for rule in specified_rules
    if rule.__name__ not in ("NoUnusedVariablesRule", "NoUnusedFragmentsRule")
]


@dataclass
class Document:
    """One parsed and validated document with its compiled plans."""

    node: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    is_introspection: bool
    # variables whose values shape the plan: those in directives and in `first`
    shaping: tuple[str, ...]
    plans: dict[tuple[Any, ...], Node] = field(default_factory=dict)

    @property
    def is_mutation(self) -> bool:
        """Whether running it may change something."""
        return self.operation.operation is OperationType.MUTATION


class Documents:
    """The documents this process has seen lately."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._cache: OrderedDict[tuple[str, str | None], Document] = OrderedDict()

    def get(self, text: str, operation_name: str | None) -> Document:
        """The document for this text. Raises UnparsableDocument or InvalidDocument."""
        known = self._cache.get((text, operation_name))
        if known is not None:
            self._cache.move_to_end((text, operation_name))
            return known
        document = self._read(text, operation_name)
        if len(text) <= _LONGEST_CACHED:
            self._cache[(text, operation_name)] = document
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return document

    def variables(self, document: Document, given: Mapping[str, Any] | None) -> VariableValues:
        """The variables, coerced by their declarations; undeclared ones are ignored. Raises InvalidDocument."""
        aside: dict[long_lists.Path, list[str]] = {}
        definitions = document.operation.variable_definitions or ()
        brought = dict(given or {})
        for definition in definitions:
            name = definition.variable.name.value
            if isinstance(brought.get(name), dict | list):
                kind = type_from_ast(self._binding.schema, definition.type)
                brought[name] = long_lists.put_aside(brought[name], kind, (name,), aside)
        values = get_variable_values(self._binding.schema, definitions, brought)
        if isinstance(values, list):
            raise errors.InvalidDocument("; ".join(error.message for error in values))
        long_lists.put_back(values.coerced, aside)
        return values

    def plan(self, document: Document, variables: VariableValues) -> Node:
        """The compiled selection. Raises InvalidDocument when it is too deep or too costly."""
        key = tuple(_hashable(variables.coerced.get(name)) for name in document.shaping)
        plan = document.plans.get(key)
        if plan is None:
            compiler = Compiler(self._binding, document.fragments, variables.coerced, Meter())
            root = "Mutation" if document.is_mutation else "Query"
            plan = compiler.methods_node(root, document.operation.selection_set)
            if len(document.plans) < 64:
                document.plans[key] = plan
        return plan

    def _read(self, text: str, operation_name: str | None) -> Document:
        if len(text) > MAX_DOCUMENT:
            raise errors.UnparsableDocument(
                f"Syntax Error: the document is longer than {MAX_DOCUMENT} characters."
            )
        try:
            node = parse(_MISSING_SPACE.sub(r"\1 orderBy", text), no_location=False)
        except GraphQLSyntaxError as error:
            raise errors.UnparsableDocument(error.message) from None
        except RecursionError:
            raise errors.UnparsableDocument("Syntax Error: the document is nested too deeply.") from None
        texts.check_literals(text, node)
        problems = validate(self._binding.schema, node, _RULES, max_errors=10)
        if problems:
            # clients look for double quotes (R-CLI-20)
            messages = [problem.message.replace("'", '"') for problem in problems]
            raise errors.InvalidDocument(messages[0], errors=messages[1:])
        operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        if operation_name:
            operations = [d for d in operations if d.name and d.name.value == operation_name]
        if len(operations) != 1:
            raise errors.InvalidDocument("Must provide exactly one operation, or the name of one.")
        if operations[0].operation is OperationType.SUBSCRIPTION:
            raise errors.InvalidDocument("Subscriptions are not served.")
        fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}
        return Document(node, operations[0], fragments, _is_introspection(operations[0]), _shaping(node))


def _is_introspection(operation: OperationDefinitionNode) -> bool:
    return any(
        isinstance(entry, FieldNode) and entry.name.value in ("__schema", "__type")
        for entry in operation.selection_set.selections
    )


def _shaping(node: DocumentNode) -> tuple[str, ...]:
    found: set[str] = set()

    class Finder(Visitor):
        """Collects variables in directives and in arguments called `first`."""

        def enter_directive(self, directive: Any, *_: Any) -> None:
            """Looks at @skip(if:) and @include(if:)."""
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    found.add(argument.value.name.value)

        def enter_argument(self, argument: Any, *_: Any) -> None:
            """Looks at first:."""
            if argument.name.value == "first" and isinstance(argument.value, VariableNode):
                found.add(argument.value.name.value)

    visit(node, Finder())
    return tuple(sorted(found))


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)
