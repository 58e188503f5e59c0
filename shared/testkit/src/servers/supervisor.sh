# Keeps one private server for its owner. Each line on stdin is an order, some with an object, answered by one line on
# stdout: "ok", or "failed" (the log says why). When stdin closes, because the owner ended or was killed, the server is
# killed too and its folder removed. The functions prepare, serve, is_ready, stop_gently and clean_up come from the file
# of the server.

server=
log="$FOLDER/server.log"

running() {
    [ -n "$server" ] && kill -0 "$server" 2>/dev/null
}

# Starts the server and waits for it, up to about a minute.
start() {
    ! running || return 0
    tries=0
    while [ "$tries" -lt 600 ]; do
        # Also the start again of one that gave up, because the last one's processes were not all gone yet.
        if ! running; then
            serve >>"$log" 2>&1 </dev/null &
            server=$!
        fi
        if is_ready >/dev/null 2>&1; then
            return 0
        fi
        tries=$((tries + 1))
        running || tries=$((tries + 60))
        sleep 0.1
    done
    return 1
}

# The server and its children at once, so that none of them can tidy up. (No SIGSTOP first: a stopped process in the
# group of an owner that ends brings the whole group SIGHUP.)
kill_hard() {
    [ -n "$server" ] || return 0
    kill -KILL "$server" $(pgrep -P "$server" 2>/dev/null) 2>/dev/null
    wait "$server" 2>/dev/null
    server=
}

stop() {
    running || return 0
    stop_gently
    wait "$server" 2>/dev/null
    server=
}

answer() {
    if "$@" >>"$log" 2>&1; then echo ok; else echo failed; fi
}

while read -r order object; do
    case $order in
        prepare | start | stop | kill_hard | raise_alarm | clear_alarm) answer "$order" ;;
        delete_queue | close_connections) answer "$order" "$object" ;;
        *) echo failed ;;
    esac
done
kill_hard
clean_up
rm -rf "$FOLDER"
