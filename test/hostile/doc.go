// Package hostile plays the matrix of bad inputs.
package hostile
