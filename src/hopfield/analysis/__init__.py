"""What a memory does with its patterns: landscapes, a diagnosis, the laws, who to cite."""
