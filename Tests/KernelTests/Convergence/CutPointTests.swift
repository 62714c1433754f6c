import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// An apply that was killed in the middle leaves a kernel from which the next apply arrives.
  @Suite struct CutPointTests {
    @Test func `killed after any message of any of twenty-one plans, the next apply converges`() throws {
      try Network.with([Machine("director1", "192.168.147.6/24", "2001:db8:147::6/64")]) { network in
        let machine = network["director1"]
        try inNamespace(machine.name) {
          var cuts = 0
          for way in DirectorStates.ways {
            let from = try NodeInProcess(way.from, node: "director1")
            let to = try NodeInProcess(way.to, node: "director1")
            // There and back first: what neither file manages has then settled.
            for node in [from, to, from] { try node.apply() }
            let whole = MessageSeam()
            try to.apply(through: whole.kernel)
            try #require(whole.count > 0)
            let wanted = try machine.ipvs()
            let addresses = try machine.addresses()
            let state = try to.observe()

            for cut in 0..<whole.count {
              try from.apply()
              let seam = MessageSeam { $0 < cut ? .pass : .cut }
              let kernel = seam.kernel
              let plan = try to.plan(from: try to.observe(kernel))
              let progress = KernelSink(kernel).carryOut(plan.changes, shouldStop: { false })
              #expect(progress.failure != nil)
              #expect(seam.count == cut + 1)

              try to.apply()
              let found = try to.observe()
              #expect(found.services == state.services, "cut after \(cut) messages on the way to \(way.to)")
              #expect(found.addresses == state.addresses, "cut after \(cut) messages on the way to \(way.to)")
              cuts += 1
            }
            #expect(try machine.ipvs() == wanted)
            #expect(try machine.addresses() == addresses)
          }
          #expect(cuts > 150)
        }
      }
    }

    @Test func `killed after any message of any of twenty-one plans, what was kept takes all of it back`() throws {
      try Network.with([Machine("director1", "192.168.147.6/24", "2001:db8:147::6/64")]) { network in
        let machine = network["director1"]
        try inNamespace(machine.name) {
          var cuts = 0
          for way in DirectorStates.ways {
            let from = try NodeInProcess(way.from, node: "director1")
            let to = try NodeInProcess(way.to, node: "director1")
            for node in [from, to, from] { try node.apply() }
            let whole = MessageSeam()
            try to.apply(through: whole.kernel)
            try from.apply()
            let before = try machine.state()
            let daemons = try machine.succeed("ipvsadm -L --daemon").output

            // One more than there are messages: killed when all of it was done.
            for cut in 0...whole.count {
              let seam = MessageSeam { $0 < cut ? .pass : .cut }
              let kernel = seam.kernel
              let observed = try to.observe(kernel)
              let plan = try to.plan(from: observed)
              var kept = UnconfirmedChange(
                UnconfirmedChange.Heading(cluster: "c", node: "director1", role: "director", since: 0),
                formerMemory: nil, keptMemory: MachineMemory())
              kept.addPlanned(plan.changes, before: observed)
              _ = KernelSink(kernel).carryOut(plan.changes, shouldStop: { false })

              // Another process knows only what was written.
              let text = kept.lines(MachinePlace(boot: "b", namespace: "n"))
              let change = try #require(UnconfirmedChange.read(Array(text.utf8))?.change)
              #expect(change.lines(MachinePlace(boot: "b", namespace: "n")) == text)
              let fresh = KernelConnection()
              let reversal = Reversal(change, now: try fresh.observe(ObservationQuery(change)).state)
              #expect(reversal.foreign == [], "cut after \(cut) messages on the way to \(way.to)")
              let applier = Applier(
                sink: KernelSink(fresh), observe: { try fresh.observe(ObservationQuery(change)).state },
                replan: { _ in Plan() })
              let takenBack = applier.takeBack(reversal.done, before: reversal.goal)
              #expect(takenBack?.isWhole != false, "cut after \(cut) messages on the way to \(way.to)")
              #expect(try machine.ipvs() == before.ipvs, "cut after \(cut) messages on the way to \(way.to)")
              #expect(try machine.addresses() == before.addresses, "cut after \(cut) messages on the way to \(way.to)")
              cuts += 1
            }
            try machine.expectUnchanged(since: before)
            #expect(try machine.succeed("ipvsadm -L --daemon").output == daemons)
          }
          #expect(cuts > 170)
        }
      }
    }
  }
}
