package org.lifelog.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WrongPasswordsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final WrongPasswords wrong = new WrongPasswords(nanos::get);

    @Test
    void afterTenFromOneAddressTheNameIsBlockedThereForAMinute() {
        count(9, "192.0.2.1", "vendor");
        assertThat(wrong.blocksAddress("192.0.2.1", "vendor")).isFalse();
        wrong.count("192.0.2.1", "vendor");
        assertThat(wrong.blocksAddress("192.0.2.1", "vendor")).isTrue();
        assertThat(wrong.blocksAddress("192.0.2.1", "another")).isFalse();
        assertThat(wrong.blocksAddress("192.0.2.2", "vendor")).isFalse();
        nanos.addAndGet(WrongPasswords.WINDOW.toNanos());
        assertThat(wrong.blocksAddress("192.0.2.1", "vendor")).isFalse();
    }

    @Test
    void anAddressThatTriesManyNamesIsBlockedForAll() {
        for (int i = 0; i < WrongPasswords.MOST_OF_ADDRESS; i++) {
            assertThat(wrong.blocksAddress("192.0.2.1", "name-" + i)).isFalse();
            wrong.count("192.0.2.1", "name-" + i);
        }
        assertThat(wrong.blocksAddress("192.0.2.1", "vendor")).isTrue();
    }

    @Test
    void aNameThatIsTriedFromEverywhereIsBlocked() {
        for (int i = 0; i < WrongPasswords.MOST_OF_NAME; i++) {
            assertThat(wrong.blocksName("vendor")).isFalse();
            wrong.count("192.0.2." + i % 250, "vendor");
        }
        assertThat(wrong.blocksName("vendor")).isTrue();
        assertThat(wrong.blocksName("another")).isFalse();
    }

    @Test
    void addressesOfOneNetworkOfIpv6AreOne() {
        for (int i = 0; i < 10; i++) {
            wrong.count("2001:db8:0:1::" + i, "vendor");
        }
        assertThat(wrong.blocksAddress("2001:db8:0:1:ffff::1", "vendor")).isTrue();
        assertThat(wrong.blocksAddress("2001:db8:0:2::1", "vendor")).isFalse();
    }

    private void count(int times, String address, String username) {
        for (int i = 0; i < times; i++) {
            wrong.count(address, username);
        }
    }
}
