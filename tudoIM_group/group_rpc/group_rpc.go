package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_group/group_rpc/app"
)

var configFile = flag.String("f", "etc/group_rpc.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("group_rpc", *configFile, app.New)
}
