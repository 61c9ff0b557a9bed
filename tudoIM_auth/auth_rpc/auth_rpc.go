package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/app"
)

var configFile = flag.String("f", "etc/auth_rpc.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("auth_rpc", *configFile, app.New)
}
