"""The graph of a learner's own function: values, gradients and shapes on every node."""

from dl_workshop.graph.diagnosis.first_wrong import FirstWrong, compare
from dl_workshop.graph.drawing.draw import Drawing, draw
from dl_workshop.graph.tracing.nodes import Edge, Node, Trace
from dl_workshop.graph.tracing.trace import trace

__all__ = ["Drawing", "Edge", "FirstWrong", "Node", "Trace", "compare", "draw", "trace"]
