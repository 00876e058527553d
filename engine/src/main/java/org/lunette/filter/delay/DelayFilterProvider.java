package org.lunette.filter.delay;

import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;

/** Makes filters that let commands wait. */
public final class DelayFilterProvider implements FilterProvider {
    @Override
    public String kind() {
        return "delay";
    }

    @Override
    public String usage() {
        return "[,time=T][,read=T][,write=T][,other=T][,opcode=NAME+...][,spread=uniform|exponential][,per-byte=T]"
                + "[,seek=T] - has commands wait: T, such as 20ms, for each or for those of a kind; more by chance,"
                + " for each byte, and for the way from the last block";
    }

    @Override
    public Set<String> options() {
        return Set.of("time", "read", "write", "other", "opcode", "spread", "per-byte", "seek");
    }

    @Override
    public Filter create(FilterSite site) {
        return new DelayFilter(site);
    }
}
