"""A second reader of Lancer files, written from the pages in `spec/`.

It shares no code with the library and is there to show that the pages suffice; it is
slow, holds whole columns in memory, and checks every checksum that it passes. Modules
stand in the order of the pages: flatbuffer_tables, container, encodings, layouts,
nesting, values, dataset.
"""
