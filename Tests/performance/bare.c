// bare: what the kernel alone costs, for Tests/benchmark; only for the inside of the sandbox kernel.
//
//   bare load SERVICES SERVERS   sends the messages that make so many virtual services with so many real servers each,
//                                prepared beforehand, then reads them back; prints both times in milliseconds
//   bare dump                    reads the table; prints the time in milliseconds
//   bare await SERVICES SERVERS [SIGNAL PID]
//                                sends the signal, waits until the last service has so many real servers, and prints
//                                the time since then in milliseconds
//
// The messages are those of `lvsctl apply`, byte for byte but for the sequence numbers. Answers are counted and checked
// for errors, and nothing is made of them.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SEND_SIZE = 16 * 1024, SLOT_SIZE = 32 * 1024, SLOTS = 4, SERVICES_PER_VIP = 1000 };

static int sock;
static unsigned short family;
static unsigned sequence;
static char slots[SLOTS][SLOT_SIZE];

struct buffer {
  char *bytes;
  size_t length, room;
};

static void fail(const char *what) {
  fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
  exit(70);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

// Writing messages

static void *append(struct buffer *b, const void *bytes, size_t length) {
  size_t padded = NLMSG_ALIGN(length);
  if (b->length + padded > b->room) {
    b->room = 2 * (b->room + padded);
    b->bytes = realloc(b->bytes, b->room);
    if (!b->bytes) fail("memory");
  }
  char *place = b->bytes + b->length;
  memset(place, 0, padded);
  if (bytes) memcpy(place, bytes, length);
  b->length += padded;
  return place;
}

static size_t begin(struct buffer *b, unsigned short type, unsigned char command, unsigned short flags) {
  size_t start = b->length;
  struct nlmsghdr header = {.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++sequence};
  append(b, &header, sizeof header);
  if (type < NLMSG_MIN_TYPE) return start;
  struct genlmsghdr generic = {.cmd = command, .version = 1};
  append(b, &generic, sizeof generic);
  return start;
}

static void end(struct buffer *b, size_t start) {
  ((struct nlmsghdr *)(b->bytes + start))->nlmsg_len = b->length - start;
}

static void attribute(struct buffer *b, unsigned short type, const void *bytes, size_t length) {
  struct nlattr header = {.nla_len = NLA_HDRLEN + length, .nla_type = type};
  append(b, &header, sizeof header);
  append(b, bytes, length);
}

static void u16(struct buffer *b, unsigned short type, unsigned short value) { attribute(b, type, &value, 2); }
static void u32(struct buffer *b, unsigned short type, unsigned value) { attribute(b, type, &value, 4); }

static size_t nest(struct buffer *b, unsigned short type) {
  size_t start = b->length;
  struct nlattr header = {.nla_type = type | NLA_F_NESTED};
  append(b, &header, sizeof header);
  return start;
}

static void unnest(struct buffer *b, size_t start) {
  ((struct nlattr *)(b->bytes + start))->nla_len = b->length - start;
}

// The table, the same as in Tests/performance/files: 10.0.0.1:1 to :1000, 10.0.0.2:1 to :1000, and so on.
static unsigned vip_of(int service) { return htonl(0x0a000001 + service / SERVICES_PER_VIP); }
static unsigned short port_of(int service) { return htons(1 + service % SERVICES_PER_VIP); }

static void identity(struct buffer *b, int service) {
  u16(b, IPVS_SVC_ATTR_AF, AF_INET);
  u16(b, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
  u32(b, IPVS_SVC_ATTR_ADDR, vip_of(service));
  u16(b, IPVS_SVC_ATTR_PORT, port_of(service));
}

static void new_service(struct buffer *b, int service) {
  struct ip_vs_flags flags = {.flags = 0, .mask = ~0};
  size_t message = begin(b, family, IPVS_CMD_NEW_SERVICE, 0), outer = nest(b, IPVS_CMD_ATTR_SERVICE);
  identity(b, service);
  attribute(b, IPVS_SVC_ATTR_SCHED_NAME, "wrr", 4);
  attribute(b, IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
  u32(b, IPVS_SVC_ATTR_TIMEOUT, 0);
  u32(b, IPVS_SVC_ATTR_NETMASK, ~0);
  unnest(b, outer);
  end(b, message);
}

static void new_server(struct buffer *b, int service, int server) {
  size_t message = begin(b, family, IPVS_CMD_NEW_DEST, 0), outer = nest(b, IPVS_CMD_ATTR_SERVICE);
  identity(b, service);
  unnest(b, outer);
  outer = nest(b, IPVS_CMD_ATTR_DEST);
  u32(b, IPVS_DEST_ATTR_ADDR, htonl(0x0a010001 + server));
  u16(b, IPVS_DEST_ATTR_PORT, port_of(service));
  u16(b, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
  u32(b, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_DROUTE);
  u32(b, IPVS_DEST_ATTR_WEIGHT, 1);
  u32(b, IPVS_DEST_ATTR_U_THRESH, 0);
  u32(b, IPVS_DEST_ATTR_L_THRESH, 0);
  unnest(b, outer);
  end(b, message);
}

// Talking

static void deliver(const char *bytes, size_t length) {
  while (send(sock, bytes, length, 0) < 0)
    if (errno != EINTR) fail("send");
}

// Reads until the answer to a message ends; counts the parts of the answer, and exits on an error unless it is `pardoned`.
static int answer(unsigned last, int pardoned, void (*each)(struct nlmsghdr *)) {
  int count = 0;
  while (1) {
    struct iovec vectors[SLOTS];
    struct mmsghdr headers[SLOTS] = {0};
    for (int i = 0; i < SLOTS; i++) {
      vectors[i] = (struct iovec){slots[i], SLOT_SIZE};
      headers[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int datagrams = recvmmsg(sock, headers, SLOTS, MSG_WAITFORONE, NULL), ended = 0;
    if (datagrams < 0 && errno == EINTR) continue;
    if (datagrams < 0) fail("recvmmsg");
    for (int i = 0; i < datagrams; i++) {
      int rest = headers[i].msg_len;
      for (struct nlmsghdr *m = (void *)slots[i]; NLMSG_OK(m, rest); m = NLMSG_NEXT(m, rest)) {
        if (m->nlmsg_type == NLMSG_ERROR || m->nlmsg_type == NLMSG_DONE) {
          errno = -*(int *)NLMSG_DATA(m);
          if (errno && errno != pardoned) fail("the kernel refused a message");
          if (m->nlmsg_seq == last) ended = 1;
        } else {
          count++;
          if (each) each(m);
        }
      }
    }
    if (ended) return count;
  }
}

static void note_family(struct nlmsghdr *m) {
  struct nlattr *a = (void *)((char *)NLMSG_DATA(m) + GENL_HDRLEN);
  for (char *past = (char *)m + m->nlmsg_len; (char *)a < past; a = (void *)((char *)a + NLA_ALIGN(a->nla_len)))
    if (a->nla_type == CTRL_ATTR_FAMILY_ID) family = *(unsigned short *)((char *)a + NLA_HDRLEN);
}

static void open_socket(void) {
  int size = 4 << 20;
  sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (sock < 0 || bind(sock, (void *)&address, sizeof address) < 0) fail("socket");
  if (connect(sock, (void *)&address, sizeof address) < 0) fail("connect");
  setsockopt(sock, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  struct buffer b = {0};
  begin(&b, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
  attribute(&b, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  end(&b, 0);
  deliver(b.bytes, b.length);
  answer(sequence, 0, note_family);
  free(b.bytes);
}

// Loading

static void load(int services, int servers) {
  struct buffer b = {0};
  // Where the sends end; the last message of each asks for an answer.
  size_t sends = 0, room = 0, *ends = NULL, first = 0;
  unsigned *fences = NULL;
  for (int service = 0; service < services; service++) {
    for (int server = -1; server < servers; server++) {
      if (server < 0) new_service(&b, service); else new_server(&b, service, server);
      int is_last = service == services - 1 && server == servers - 1;
      if (!is_last && b.length - first < SEND_SIZE - 256) continue;
      end(&b, begin(&b, NLMSG_NOOP, 0, NLM_F_ACK));
      if (sends == room) {
        room = 2 * room + 16;
        ends = realloc(ends, room * sizeof *ends);
        fences = realloc(fences, room * sizeof *fences);
        if (!ends || !fences) fail("memory");
      }
      ends[sends] = first = b.length;
      fences[sends++] = sequence;
    }
  }
  double start = now();
  for (size_t i = 0, from = 0; i < sends; from = ends[i++]) {
    deliver(b.bytes + from, ends[i] - from);
    answer(fences[i], 0, NULL);
  }
  printf("%.3f ", now() - start);
}

// Reading

static struct buffer found;

static void note_identity(struct nlmsghdr *m) {
  struct nlattr *outer = (void *)((char *)NLMSG_DATA(m) + GENL_HDRLEN);
  char *past = (char *)outer + outer->nla_len;
  size_t message = begin(&found, family, IPVS_CMD_GET_DEST, NLM_F_DUMP), nested = nest(&found, IPVS_CMD_ATTR_SERVICE);
  for (struct nlattr *a = outer + 1; (char *)a < past; a = (void *)((char *)a + NLA_ALIGN(a->nla_len)))
    if (a->nla_type >= IPVS_SVC_ATTR_AF && a->nla_type <= IPVS_SVC_ATTR_FWMARK) append(&found, a, a->nla_len);
  unnest(&found, nested);
  end(&found, message);
}

static void dump(void) {
  double start = now();
  struct buffer b = {0};
  end(&b, begin(&b, family, IPVS_CMD_GET_SERVICE, NLM_F_DUMP));
  deliver(b.bytes, b.length);
  found.length = 0;
  int services = answer(sequence, 0, note_identity), servers = 0;
  for (size_t at = 0; at < found.length;) {
    struct nlmsghdr *m = (void *)(found.bytes + at);
    deliver((char *)m, m->nlmsg_len);
    servers += answer(m->nlmsg_seq, 0, NULL);
    at += m->nlmsg_len;
  }
  printf("%.3f %d %d\n", now() - start, services, servers);
}

static int servers_of(int service) {
  struct buffer b = {0};
  size_t message = begin(&b, family, IPVS_CMD_GET_DEST, NLM_F_DUMP), nested = nest(&b, IPVS_CMD_ATTR_SERVICE);
  identity(&b, service);
  unnest(&b, nested);
  end(&b, message);
  deliver(b.bytes, b.length);
  int count = answer(sequence, ESRCH, NULL);
  free(b.bytes);
  return count;
}

static void await(int services, int servers, int number, int pid) {
  double start = now();
  if (pid && kill(pid, number) < 0) fail("kill");
  while (servers_of(services - 1) != servers) {
    if (now() - start > 60e3) {
      errno = ETIMEDOUT;
      fail("the last service");
    }
    usleep(1000);
  }
  printf("%.3f\n", now() - start);
}

int main(int count, char **words) {
  int number[4] = {0};
  for (int i = 2; i < count && i < 6; i++) number[i - 2] = atoi(words[i]);
  const char *task = count > 1 ? words[1] : "";
  open_socket();
  if (!strcmp(task, "load") && count == 4) {
    load(number[0], number[1]);
    dump();
  } else if (!strcmp(task, "dump") && count == 2) {
    dump();
  } else if (!strcmp(task, "await") && (count == 4 || count == 6)) {
    await(number[0], number[1], number[2], number[3]);
  } else {
    fprintf(stderr, "usage: bare load SERVICES SERVERS | dump | await SERVICES SERVERS [SIGNAL PID]\n");
    return 64;
  }
  return 0;
}
