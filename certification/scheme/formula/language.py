"""The formula language: Python's expression grammar cut down to a whitelist, turned into our own tree.

Allowed: numbers, names, + - * /, min max clamp, and over the rows of a table total, smallest, largest, mean,
count and share, with a filter in brackets and ``top(rows, n, by)``. Nothing else parses.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from certification.scheme.formula import scalar
from certification.scheme.formula.outcome import Inputs, Outcome
from certification.scheme.formula.tree import (
    Column,
    Compare,
    Condition,
    Expression,
    Gather,
    Gathering,
    Junction,
    Metric,
    Number,
    Operation,
    Operator,
    Order,
    Rows,
    Ticked,
    Word,
)

MAX_LENGTH = 500
MAX_NODES = 150
MAX_DEPTH = 16
MAX_TOP = 20
CLAMPED = len(("value", "low", "high"))
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?")

OPERATORS: Mapping[type[ast.operator], Operator] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}
ORDERS: Mapping[type[ast.cmpop], Order] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
CHOICES: Mapping[str, Operator] = {"min": "min", "max": "max", "clamp": "clamp"}
GATHERINGS: Mapping[str, Gathering] = {name: name for name in get_args(Gathering)}
WEIGHTED = {"mean", "share"}


class FormulaError(ValueError):
    """A formula that does not parse, in words for its author."""


class Use(NamedTuple):
    """How a formula uses a column: as a number, as a yes/no, or against words."""

    table: str
    column: str
    kind: Literal["number", "flag", "word"]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A parsed formula: the metrics it names, the columns it uses, and its tree."""

    source: str
    tree: Expression
    names: frozenset[str]
    uses: frozenset[Use]

    @property
    def tables(self) -> frozenset[str]:
        """The tables whose rows it reads."""
        return frozenset(use.table for use in self.uses)

    def evaluate(self, inputs: Inputs) -> Outcome:
        """The value with the trace an auditor reads, or why there is none. Never raises."""
        return scalar.evaluate(self.tree, inputs)


def parse(source: str, *, units: Mapping[str, str] | None = None) -> Formula:
    """Parse one formula; ``units`` by metric key go into its traces. Raises FormulaError."""
    source = source.strip()
    if not source:
        raise FormulaError("the formula is empty")
    if len(source) > MAX_LENGTH:
        raise FormulaError(f"the formula is longer than {MAX_LENGTH} characters")
    try:
        body = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise FormulaError(f"the formula cannot be read: {getattr(problem, 'msg', problem)}") from problem
    _measure(body)
    parser = _Parser(source, units or {})
    tree = parser.expression(body)
    return Formula(source, tree, frozenset(parser.names), frozenset(parser.uses))


def _measure(body: ast.expr) -> None:
    """Refuse what is too large before any of it is looked at."""
    if sum(1 for _node in ast.walk(body)) > MAX_NODES:
        raise FormulaError(f"the formula has more than {MAX_NODES} parts")
    level: list[ast.AST] = [body]
    for _depth in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise FormulaError(f"the formula is nested deeper than {MAX_DEPTH} levels")


class _Parser:
    """Walks Python's tree and makes ours; ``table`` is set while the names are columns."""

    def __init__(self, source: str, units: Mapping[str, str]) -> None:
        self.source = source
        self.units = units
        self.table = ""
        self.names: set[str] = set()
        self.uses: set[Use] = set()

    def text(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.source, node) or ""

    def expression(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name():
                return self.name(node)
            case ast.UnaryOp(op=ast.USub()):
                return Operation(self.text(node), "negative", (self.expression(node.operand),))
            case ast.BinOp(op=ast.Pow()):
                raise FormulaError("powers (**) are not allowed")
            case ast.BinOp() if type(node.op) in OPERATORS:
                parts = self.expression(node.left), self.expression(node.right)
                return Operation(self.text(node), OPERATORS[type(node.op)], parts)
            case ast.Call():
                return self.call(node)
            case ast.Compare() | ast.BoolOp():
                raise FormulaError(f"'{self.text(node)}' is a condition where a number is wanted")
        raise FormulaError(f"'{self.text(node)}' is not allowed in a formula")

    def number(self, node: ast.Constant) -> Number:
        text = self.text(node)
        if type(node.value) not in {int, float} or not NUMBER.fullmatch(text):
            raise FormulaError(f"'{text}' is not a plain number")
        return Number(text, Decimal(text))

    def identifier(self, node: ast.expr, what: str) -> str:
        text = self.text(node)
        if not isinstance(node, ast.Name) or not NAME.fullmatch(text):
            raise FormulaError(f"'{text}' is not the name of a {what}")
        return text

    def name(self, node: ast.expr) -> Metric | Column:
        name = self.identifier(node, "column" if self.table else "metric")
        if self.table:
            self.uses.add(Use(self.table, name, "number"))
            return Column(name)
        self.names.add(name)
        return Metric(name, self.units.get(name, ""))

    def call(self, node: ast.Call) -> Operation | Gather:
        function = self.text(node.func)
        if function in CHOICES:
            return self.choose(node, CHOICES[function])
        if function not in GATHERINGS:
            known = ", ".join([*CHOICES, *GATHERINGS])
            raise FormulaError(f"'{function}' is not a function here; there are {known}")
        if self.table:
            raise FormulaError(f"'{function}' cannot stand inside another row function")
        return self.gather(node, GATHERINGS[function])

    def choose(self, node: ast.Call, op: Operator) -> Operation:
        enough = len(node.args) == CLAMPED if op == "clamp" else len(node.args) > 1
        if not enough or node.keywords:
            raise FormulaError(f"'{op}' wants {'three' if op == 'clamp' else 'two or more'} numbers")
        return Operation(self.text(node), op, tuple(self.expression(part) for part in node.args))

    def gather(self, node: ast.Call, op: Gathering) -> Gather:
        wanted = 1 if op == "count" else 2
        keywords = [keyword.arg for keyword in node.keywords]
        if len(node.args) != wanted:
            extra = {"count": "", "share": " and a condition"}.get(op, " and what to take of each")
            raise FormulaError(f"'{op}' wants rows{extra}")
        if keywords and (op not in WEIGHTED or keywords != ["weight"]):
            raise FormulaError(f"'{op}' takes no '{keywords[0]}'")
        rows = self.rows(node.args[0])
        with _Scope(self, rows.table):
            return Gather(
                self.text(node),
                op,
                rows,
                each=self.expression(node.args[1]) if op not in {"count", "share"} else None,
                condition=self.condition(node.args[1]) if op == "share" else None,
                weight=self.expression(node.keywords[0].value) if keywords else None,
            )

    def rows(self, node: ast.expr) -> Rows:
        """A table, a table with a filter, or the top of either."""
        match node:
            case ast.Call(func=ast.Name(id="top")):
                return self.top(node)
            case ast.Subscript():
                table = self.open(node.value)
                with _Scope(self, table):
                    return Rows(self.text(node), table, self.condition(node.slice))
        return Rows(self.text(node), self.open(node))

    def top(self, node: ast.Call) -> Rows:
        match node:
            case ast.Call(args=[inner, ast.Constant(value=int(first)), by], keywords=[]):
                if isinstance(first, bool) or not 1 <= first <= MAX_TOP:
                    raise FormulaError(f"'top' takes from 1 to {MAX_TOP} rows")
                rows = self.rows(inner)
                if rows.first:
                    raise FormulaError("'top' cannot stand inside another 'top'")
                with _Scope(self, rows.table):
                    return Rows(self.text(node), rows.table, rows.condition, first, self.expression(by))
        raise FormulaError("'top' wants rows, a whole number and what to order by")

    def open(self, node: ast.expr) -> str:
        table = self.identifier(node, "table")
        self.uses.add(Use(table, "", "number"))
        return table

    def condition(self, node: ast.expr) -> Condition:
        match node:
            case ast.BoolOp():
                parts = tuple(self.condition(part) for part in node.values)
                return Junction(self.text(node), isinstance(node.op, ast.And), parts)
            case ast.Name():
                column = self.identifier(node, "column")
                self.uses.add(Use(self.table, column, "flag"))
                return Ticked(column, column)
            case ast.Compare(ops=[ast.Eq() | ast.NotEq()]):
                raise FormulaError("'==' and '!=' are not allowed: 'is' compares words, '<' and '>' numbers")
            case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
                return self.word(node)
            case ast.Compare(ops=[op], comparators=[right]) if type(op) in ORDERS:
                left = self.expression(node.left)
                return Compare(self.text(node), ORDERS[type(op)], left, self.expression(right))
            case ast.Compare():
                raise FormulaError(f"'{self.text(node)}' compares more than two things at once")
        raise FormulaError(f"'{self.text(node)}' is not a condition")

    def word(self, node: ast.Compare) -> Word:
        column = self.identifier(node.left, "column")
        op, wanted = node.ops[0], node.comparators[0]
        many = isinstance(op, ast.In | ast.NotIn)
        items = wanted.elts if many and isinstance(wanted, ast.Tuple) else [] if many else [wanted]
        words = tuple(item.value for item in items if isinstance(item, ast.Constant))
        if not words or len(words) != len(items) or not all(isinstance(word, str) for word in words):
            raise FormulaError(f"'{self.text(node)}' must name words in quotes")
        named = tuple(map(str, words))
        self.uses.add(Use(self.table, column, "word", named))
        return Word(self.text(node), column, named, isinstance(op, ast.Is | ast.In))


class _Scope:
    """While it is open, names are columns of a table."""

    def __init__(self, parser: _Parser, table: str) -> None:
        self.parser = parser
        self.table = table

    def __enter__(self) -> None:
        self.outer, self.parser.table = self.parser.table, self.table

    def __exit__(self, *_problem: object) -> None:
        self.parser.table = self.outer
