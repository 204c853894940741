"""From a graph to a picture: boxes in their places, marks, SVG and PNG."""
