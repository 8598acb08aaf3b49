"""The terminal's face: prompts become pages, touches become answers."""
