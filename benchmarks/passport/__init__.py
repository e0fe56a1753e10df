"""What the figure's passport costs a PDF."""
