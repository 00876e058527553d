# A cluster of two nodes on one unit: reservations, and the agents that fence by them.
#   SECOND      the target's second portal, as seen from here
readonly SECOND=$4

start_initiator
nodes_begin a b
DISK_A=$(attach a "$PORTAL")
DISK_B=$(attach b "$PORTAL")
port_of "$DISK_A" && PORT_A=$PORT
port_of "$DISK_B" && PORT_B=$PORT
step "node a has $DISK_A by $PORT_A, node b $DISK_B by $PORT_B"
capabilities "$DISK_A"
reservations "$DISK_A" "$DISK_B"
restart "$DISK_A" "$DISK_B"
fencing "$DISK_A" "$DISK_B"
SECOND_DISK_A=$(attach a "$SECOND")
fencing_over_paths "$DISK_A" "$SECOND_DISK_A" "$DISK_B"
step all done
