"""Small wrong changes of a program's syntax tree, one at a time: what a test of it must notice."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
OPERATIONS: dict[type[ast.operator], list[type[ast.operator]]] = {
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.Sub: [ast.BitAnd],
}
WORDS = frozenset({"_", "gettext", "gettext_lazy"})
"""Functions of which the argument is a sentence: its wording is no rule."""

Change = Callable[[ast.AST], ast.AST | None]
"""Takes a copy of a node; gives what stands in its place, None for nothing at all."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong change: where, what, and the whole changed tree."""

    line: int
    change: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every wrong change of this source that we know how to make."""
    tree = ast.parse(source)
    right = ast.dump(tree)
    for place, node in enumerate(ast.walk(tree)):
        if _is_left_alone(tree, node):
            continue
        for told, change in _changes(node):
            changed = _changed(tree, place, change)
            if changed is not None and ast.dump(changed) != right:
                yield Mutant(getattr(node, "lineno", 0), told, changed)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for other in COMPARISONS[type(node.ops[0])]:
            yield f"{_name(node.ops[0])} becomes {other.__name__}", _with("ops", [other()])
    elif isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{_name(node.op)} becomes {_name(other_op)}", _with("op", other_op)
        for number in range(len(node.values)):
            yield f"part {number + 1} of {_name(node.op)} is lost", _without("values", number)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        for operation in OPERATIONS[type(node.op)]:
            yield f"{_name(node.op)} becomes {operation.__name__}", _with("op", operation())
        yield f"the right side of {_name(node.op)} is lost", lambda found: found.left  # type: ignore[attr-defined]
        yield f"the left side of {_name(node.op)} is lost", lambda found: found.right  # type: ignore[attr-defined]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not is lost", lambda found: found.operand  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.If):
        yield "the condition always holds", _with("test", ast.Constant(True))
        yield "the condition never holds", _with("test", ast.Constant(False))
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "nothing is returned", _with("value", ast.Constant(None))
    elif isinstance(node, ast.Set | ast.List | ast.Tuple):
        for number in range(len(node.elts)):
            yield f"element {number + 1} is lost", _without("elts", number)
    elif isinstance(node, ast.Dict):
        for number in range(len(node.keys)):
            yield f"line {number + 1} is lost", _without_line(number)
    elif isinstance(node, ast.Call):
        for number in range(len(node.keywords)):
            yield f"argument {node.keywords[number].arg} is lost", _without("keywords", number)
        if isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
            other_name = "all" if node.func.id == "any" else "any"
            yield f"{node.func.id} becomes {other_name}", _with("func", ast.Name(other_name, ast.Load()))


def _constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, bool):
        yield f"{node.value} becomes {not node.value}", _with("value", not node.value)
    elif isinstance(node.value, int):
        for value in (node.value - 1, node.value + 1):
            yield f"{node.value} becomes {value}", _with("value", value)
    elif isinstance(node.value, str):
        yield f"{node.value!r} is misspelt", _with("value", f"{node.value}x")


def _with(attribute: str, value: object) -> Change:
    def change(node: ast.AST) -> ast.AST:
        setattr(node, attribute, value)
        return node

    return change


def _without(attribute: str, number: int) -> Change:
    def change(node: ast.AST) -> ast.AST:
        values: list[ast.AST] = getattr(node, attribute)
        del values[number]
        if isinstance(node, ast.BoolOp) and len(values) == 1:
            return ast.copy_location(values[0], node)
        if isinstance(node, ast.Set) and not values:
            return ast.copy_location(ast.Call(ast.Name("set", ast.Load()), [], []), node)
        return node

    return change


def _without_line(number: int) -> Change:
    def change(node: ast.AST) -> ast.AST:
        for attribute in ("keys", "values"):
            del getattr(node, attribute)[number]
        return node

    return change


def _changed(tree: ast.Module, place: int, change: Change) -> ast.Module | None:
    """The whole tree again, with the node at this place of the walk changed."""
    whole = copy.deepcopy(tree)
    target = next(node for number, node in enumerate(ast.walk(whole)) if number == place)
    put = change(target)
    if put is None:
        return None
    if put is not target:
        _Putting(target, put).visit(whole)
    return ast.fix_missing_locations(whole)


class _Putting(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _is_left_alone(tree: ast.Module, node: ast.AST) -> bool:
    """Sentences, docstrings and types: changing them breaks no rule."""
    for outer in ast.walk(tree):
        kept: list[ast.AST | None] = []
        if isinstance(outer, ast.Expr) and isinstance(outer.value, ast.Constant):
            kept = [outer.value]
        elif isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id in WORDS:
            kept = [*outer.args]
        elif isinstance(outer, ast.AnnAssign | ast.arg):
            kept = [outer.annotation]
        elif isinstance(outer, ast.FunctionDef):
            kept = [outer.returns]
        elif isinstance(outer, ast.Subscript):
            kept = [outer.slice]
        if any(part is node for one in kept if one is not None for part in ast.walk(one)):
            return True
    return False


def _name(node: ast.AST) -> str:
    return type(node).__name__
