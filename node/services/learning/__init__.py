"""PRIVATE: everything about one worker, sealed under that worker's own key. The only door to `node.store.private`.

    sealed → shelf, believing, understanding → feed → lessons, outcomes, beliefs → learning

`learning.Learning` is what handlers call. Every method takes the viewer and answers about that viewer alone.
"""
