/** Positions, shapes, hit tests, automatic layout: pure functions and immutable values, without a scene. */
package careof.editor.geometry;
