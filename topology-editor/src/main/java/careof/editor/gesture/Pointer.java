package careof.editor.gesture;

import careof.editor.geometry.Point2;

/**
 * Where the pointer is.
 *
 * @param x  pixels within the board
 * @param at canvas units
 * @param free the key that bypasses the grid is held (Alt)
 * @param add  the key that adds to the selection is held (Shift)
 */
public record Pointer(double x, double y, Point2 at, boolean free, boolean add) {}
