"""Words of programs, fields of protocols, days and zones: written like names, and nobody's."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_ANYTHING_TEXT: Final = "foo baz qux quux foobar foobaz hello world w\u00f6rld bar"
_TECHNICAL_TEXT: Final = """
pdb tcl ttk inf false struct structs stringio rlock conn iov ptr ctxt param params args kwargs
stdlib malloc mutex xpath glyph zlib config configs asan msan keymap pixmap bignum emin emax
hostname localhost userid metaclass metaclasses coroutine coroutines func timespec uintptr addr
nanosecond nanoseconds substr strlen href glenum hashtable ethernet uris n/a e.g i.e xml-rpc
floating-point mach-o u-law a-law latin-1 double-precision single-precision one-time public-key
read-only valgrind readline tkinter pydoc clang cython jython autoconf automake kubectl systemd
coro chan rand cgo singleton lemma filename stdout stderr stdin nans hasattr getattr
"""
_SOFTWARE_TEXT: Final = """
kerberos kubernetes docker podman containerd kubelet etcd helm terraform ansible vagrant prometheus
grafana kibana logstash elasticsearch opensearch lucene solr filebeat fluentd telegraf influxdb
postgres postgresql mysql mariadb sqlite mongodb redis memcached cassandra couchdb clickhouse duckdb
rabbitmq activemq kafka zookeeper nginx apache2 httpd tomcat jetty gunicorn uvicorn puma unicorn
haproxy traefik varnish squid postfix dovecot exim sendmail spamassassin rspamd amavis opendkim
dnsmasq unbound samba winbind openldap slapd keycloak openvpn wireguard strongswan charon openssh
sshd openssl gnutls libreswan iptables nftables ufw fail2ban selinux apparmor auditd cron crond
anacron rsyslog journald syslog logrotate udev dbus polkit grub initramfs kernel ext4 btrfs xfs zfs
nfs cifs smb iscsi raid lvm vlan lacp ospf bgp snmp ldap dhcp ntp chrony tcp udp icmp http https tls
ssl smtp imap pop3 mqtt modbus zigbee zwave bluetooth wifi ethernet usb pci sata nvme bios uefi acpi
github gitlab bitbucket git svn subversion gerrit jira maven gradle sbt npm yarn pnpm webpack vite
babel eslint pytest junit selenium chromium webkit webrtc websocket graphql grpc protobuf
openapi swagger oauth saml openid jwt kubectl minikube istio linkerd nomad
spark hadoop airflow dagster dbt pandas numpy pytorch tensorflow keras xgboost onnx cuda
log4j logback slf4j hibernate django flask fastapi celery sqlalchemy alembic laravel symfony drupal
wordpress joomla typo3 magento nextcloud owncloud moodle asterisk freeswitch mediawiki jupyter
hotfix memory heap swap cpu gpu vram stdout sqs sns iam rds cloudfront cloudwatch cloudtrail
kms s3 ec2 eks aks gke vpc waf cdn firewalld firewall bootloader daemon backend frontend middleware
ntlm lsass svchost winlogon powershell sysmon wmi msi iis dcom uac gpo wsus sccm
"""
_SMALL_TEXT: Final = "broken upper lower cross case long native lane pool block line title nan"
_NO_TITLES_TEXT: Final = "success direction base repo real stack larger regional reg chan case line"
_DAYS_TEXT: Final = "Mon Tue Wed Thu Fri Sat Sun"
_MONTHS_TEXT: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_ZONES_TEXT: Final = """
Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific
"""
_ANYTHING: Final = frozenset(_ANYTHING_TEXT.split())
"""Words that stand for any other."""

_TECHNICAL: Final = frozenset(_TECHNICAL_TEXT.split()) | frozenset(_SOFTWARE_TEXT.split())
"""Words of programs, and programs, that nobody is called and no place, whatever their capitals."""

_SMALL: Final = frozenset(_SMALL_TEXT.split())
"""Words that in small letters are no names, though some have them for one."""

_NO_TITLES: Final = frozenset(_NO_TITLES_TEXT.split())
_TITLES_OF_CODE: Final = re.compile(
    r"operators?|math|(?:context|window|package|boot|memory) manager"
    r"|(?:assignment|comparison|than|right|left|modulus|increment|decrement|commutative|line|binary"
    r"|unary|shift|logical|arithmetic|boolean|conversion|ternary|bitwise) (?:operators?|operations)"
    r"|(?:match|pattern|of) success",
    re.IGNORECASE,
)
"""What near signs of code is a part of a program, and elsewhere a trade."""

_OF_CODE_BEFORE: Final = re.compile(
    r"(?:context|window|package|memory|resource|connection|layout|geometry) \Z|(?:^|\n)from \Z"
    r"|[{\[&*]\Z"
)
_CODE: Final = re.compile(r"[\\%\"(){}<>=&*]")
_DAYS: Final = frozenset(_DAYS_TEXT.split())
_DATES: Final = _DAYS | frozenset(_MONTHS_TEXT.split())
_DATE_BEHIND: Final = re.compile(
    r",? {1,2}(?:\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)|[|<]"
)
_FIRST_OF_FIELD: Final = (
    r"(?:X|Set|Sec|Content|Max(?=-Age|-Forw)|Proxy|Keep|Accept|Cache|Access|Strict|Transfer|Last"
    r"|User|Ctrl|Cmd|Control|Alt|Meta|Shift|Key|Cross)"
)
_FIELD: Final = re.compile(rf"{_FIRST_OF_FIELD}(?:-[A-Z]\w*)+")
_BEGINS_FIELD: Final = re.compile(rf"{_FIRST_OF_FIELD}(?:-[A-Z]\w*)*")
"""Fields of HTTP and of mail, and keys of a keyboard."""

_ZONES: Final = frozenset(_ZONES_TEXT.split())
_OF_LOGS: Final = frozenset(("UTC", "GMT", "SET", "Key", "New"))
_LOGGED: Final = re.compile(r"(?:UTC|GMT)(?!\w)|SET [\w.\"`]{1,64} ?=|Key \(|New [a-z]")
"""As programs log them: `UPDATE carts SET state = 1`, `Key (id)=(7)`, `New session 7`."""

CLOCK: Final = re.compile(r"\d{1,6} (?:UTC|GMT|CES?T|[ECMP][SD]T|[AP]M)")
"""The end of a time with its zone: `12:04:31.063 UTC`."""

_NUMBERED: Final = re.compile(r"-\w{0,16}\d")
_MEMBER: Final = re.compile(
    r"[A-Z]\.(?:[a-z]{2}\w*|[A-Z]{3}\w*)|[A-Z][A-Za-z]*\d+\.[A-Z]\w+"
    r"|\w{2,}\.(?!Mc|Mac|De|Di|La)[A-Z][a-z]+[A-Z]\w*"
)
"""What is in something else: `C.SIGTERM`, `M.jsx`, `X86.HasAVX`."""

_CIPHER: Final = re.compile(r"(?=.*\d)[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
_BEFORE_FIELD: Final = re.compile(rf"\b{_FIRST_OF_FIELD}-\Z")

_QUOTED: Final = frozenset(("NAN", "NaN", "darwin", "POST", "crypto/rand", "MAC", "ABC", "HOME"))
_QUOTES: Final = frozenset("\"'`")
_BEFORE_MORE: Final = _DAYS | _ZONES | _QUOTED
_BEGINS_SEVERAL: Final = _DATES.union(
    _ANYTHING, map(str.title, _ANYTHING), map(str.upper, _ANYTHING)
)


class Candidate(NamedTuple):
    """What may be a name: whether a list has one of its words, and whether it is one word."""

    type: str
    start: int
    end: int
    known: bool
    single: bool


def is_of_programs(text: str, each: Candidate, value: str) -> bool:
    """Tell whether nobody is called so: words of programs, days, fields of a protocol."""
    if each.type == "JOB_TITLE":
        return _is_no_title(text, each, value)
    blank = value.find(" ")
    if blank > 0:
        return (
            (value[:blank] in _BEGINS_SEVERAL and _are_no_name(value))
            or " ." in value
            or _ends_in_another(text, each, value)
        )
    small = value.lower()
    if small in _TECHNICAL:
        return value.islower() or not each.known or _is_by_code(text, each)
    if small in _ANYTHING or value in _SMALL:
        return small != "bar"
    beside = text[max(0, each.start - 1) : each.start] + text[each.end : each.end + 1]
    if "-" not in beside and value.isalpha() and value not in _BEFORE_MORE:
        return False
    return _is_part(text, each, value) or _is_joined(text, each, value)


def is_of_logs(text: str, each: Candidate, value: str) -> bool:
    """Tell whether this is the end of a time with its zone, or a word with which programs log."""
    if value in _OF_LOGS:
        return _LOGGED.match(text, each.start) is not None
    return value[0].isdigit() and CLOCK.fullmatch(value) is not None


def _is_no_title(text: str, each: Candidate, value: str) -> bool:
    """Tell whether a word for a trade is a part of a program or machine here, or never a trade."""
    return (
        value.lower() in _NO_TITLES
        or (text[each.end : each.end + 1] == "-" and _NUMBERED.match(text, each.end) is not None)
        or (_TITLES_OF_CODE.fullmatch(value) is not None and _is_by_code(text, each))
        or (
            each.single
            and _OF_CODE_BEFORE.search(text, max(0, each.start - 12), each.start) is not None
        )
    )


def _are_no_name(value: str) -> bool:
    """Tell whether several words are all of a date, or all stand for any other."""
    return _DATES.issuperset(value.split(" ")) or _ANYTHING.issuperset(value.lower().split(" "))


def _is_part(text: str, each: Candidate, value: str) -> bool:
    """Tell whether a word goes on as a date, a zone or a field, or is of a program in quotes."""
    behind = text[each.end : each.end + 2]
    if behind[:1] == "-" and behind[1:].isalpha():
        return (
            each.type != "LOCATION" and value.islower() and value.isalpha()
        ) or _BEGINS_FIELD.fullmatch(value) is not None
    start = each.start
    return (
        (
            text[start - 1 : start] == "-"
            and _BEFORE_FIELD.search(text, max(0, start - 10), start) is not None
        )
        or (behind[:1] == "/" and behind[1:].isupper() and value in _ZONES)
        or (value in _DAYS and _DATE_BEHIND.match(text, each.end) is not None)
        or (value in _QUOTED and text[start - 1 : start] in _QUOTES)
    )


def _is_joined(text: str, each: Candidate, value: str) -> bool:
    """Tell whether a word with marks in it is a field, a member, or a zone."""
    return (
        ("-" in value and (_FIELD.fullmatch(value) or _CIPHER.fullmatch(value)) is not None)
        or ("." in value and _MEMBER.fullmatch(value) is not None)
        or ",-" in value
        or ("/" in value and value.partition("/")[0] in _ZONES)
        or _ends_in_another(text, each, value)
    )


def _ends_in_another(text: str, each: Candidate, value: str) -> bool:
    """Tell whether the last word is but the beginning of one: `Timespec C.|struct`, `str.|join`."""
    return value[-1] == "." and len(value) > 1 and text[each.end : each.end + 1].islower()


def _is_by_code(text: str, each: Candidate) -> bool:
    """Tell whether signs as of code stand near."""
    return _CODE.search(text, max(0, each.start - 40), each.end + 2) is not None
