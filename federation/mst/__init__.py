"""The Merkle search tree of a repository: mutable, incremental, loadable in part.

The nodes of the literature are called vertices here; "node" means an installation of SkillNet.
Source: https://atproto.com/specs/repository#mst-structure
"""

from federation.mst.build import build_tree
from federation.mst.listing import list_tree
from federation.mst.tree import Tree
from federation.mst.undoing import proves_change
from federation.mst.vertex import EMPTY_ROOT, Vertex, layer_of, parse_vertex

__all__ = ["EMPTY_ROOT", "Tree", "Vertex", "build_tree", "layer_of", "list_tree", "parse_vertex", "proves_change"]
