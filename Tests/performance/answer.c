// answer: a web server that says ok to whatever comes to port 80, for Tests/performance/keeping.
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), queue = epoll_create1(0), one = 1;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(80)};
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, ready[64];
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&name, sizeof name) || listen(listener, 4096) ||
      epoll_ctl(queue, EPOLL_CTL_ADD, listener, &event)) {
    perror("answer");
    return 1;
  }
  for (;;) {
    int count = epoll_wait(queue, ready, 64, -1);
    for (int i = 0; i < count; i++) {
      int fd = ready[i].data.fd;
      if (fd == listener) {
        while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
          struct epoll_event next = {.events = EPOLLIN, .data.fd = fd};
          epoll_ctl(queue, EPOLL_CTL_ADD, fd, &next);
        }
        continue;
      }
      char request[4096];
      // A check that only connects sends nothing before its end.
      if (read(fd, request, sizeof request) > 0 && write(fd, ok, sizeof ok - 1) < 0) perror("answer");
      close(fd);
    }
  }
}
