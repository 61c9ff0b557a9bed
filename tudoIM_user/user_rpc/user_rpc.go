package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_user/user_rpc/app"
)

var configFile = flag.String("f", "etc/user_rpc.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("user_rpc", *configFile, app.New)
}
