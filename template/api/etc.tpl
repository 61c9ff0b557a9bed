Name: HALF_NAME
Listen: ${TUDO_HALF_UPPER_ADDR:-127.0.0.1:{{.port}}}
Advertise: ${TUDO_HALF_UPPER_ADVERTISE:-}
Etcd: ${TUDO_ETCD:-127.0.0.1:2379}
Redis: ${TUDO_REDIS:-127.0.0.1:6379}
DataDir: ${TUDO_DATA_DIR:-~/.tudoim}
InternalSecret: ${TUDO_INTERNAL_SECRET:-}
