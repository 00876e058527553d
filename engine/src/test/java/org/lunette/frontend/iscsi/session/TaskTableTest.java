package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TaskTableTest {
    @Test
    void findsWhatAMapFinds() {
        long seed = Long.getLong("lunette.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int max : new int[] {1, 3, 8, 144}) {
            TaskTable table = new TaskTable(max);
            Map<Integer, Task> map = new HashMap<>();
            for (int step = 0; step < 20_000; step++) {
                int tag = random.nextInt(max * 3) * (random.nextBoolean() ? 1 : 0x1000_0000);
                Task there = map.get(tag);
                assertSame(there, table.find(tag), "seed " + seed + " step " + step);
                if (there == null && map.size() < max) {
                    Task task = new Task(null, 1);
                    task.begin(tag, 0, 0, false);
                    table.add(task);
                    map.put(tag, task);
                } else if (there != null) {
                    table.remove(there);
                    map.remove(tag);
                }
            }
            List<Task> left = new ArrayList<>(map.values());
            left.forEach(table::remove);
            map.keySet().forEach(tag -> assertNull(table.find(tag)));
        }
    }
}
