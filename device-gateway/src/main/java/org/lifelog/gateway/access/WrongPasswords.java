package org.lifelog.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Slows down who tries passwords: after so many wrong ones within a minute, none is looked at for the rest of that
 * minute. Counted for a name from one address, for an address, and for a name from anywhere.
 */
final class WrongPasswords {
    static final Duration WINDOW = Duration.ofMinutes(1);
    static final int MOST_OF_NAME_AND_ADDRESS = 10;
    static final int MOST_OF_ADDRESS = 100;
    static final int MOST_OF_NAME = 300;

    private static final int MOST_KEYS = 200_000;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final Cache<String, AtomicInteger> counts;

    WrongPasswords(Ticker ticker) {
        counts = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfterWrite(WINDOW)
                .maximumSize(MOST_KEYS)
                .build();
    }

    /**
     * Whether the address may not try this name now. To be asked before the cache of right passwords, or it would answer
     * to guesses without end.
     */
    boolean blocksAddress(String address, String username) {
        String network = network(address);
        return count(network + ' ' + username) >= MOST_OF_NAME_AND_ADDRESS || count(network) >= MOST_OF_ADDRESS;
    }

    /**
     * Whether nobody may try this name now. To be asked after the cache of right passwords, or anybody could shut out a
     * vendor.
     */
    boolean blocksName(String username) {
        return count('=' + username) >= MOST_OF_NAME;
    }

    /** Counts a wrong password. */
    void count(String address, String username) {
        String network = network(address);
        for (String key : new String[] {network + ' ' + username, network, '=' + username}) {
            counts.get(key, k -> new AtomicInteger()).incrementAndGet();
        }
    }

    private int count(String key) {
        AtomicInteger count = counts.getIfPresent(key);
        return count == null ? 0 : count.get();
    }

    /** A network of IPv6 has more addresses than could ever be counted. */
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, IPV6_NETWORK_BYTES)));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
