//go:build !unix

package proxy

import "net"

func newSource(conn net.Conn) source { return newHeld(conn) }
