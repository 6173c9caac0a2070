using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>Asks the kernel by rtnetlink: the seam through which a test is the kernel.</summary>
internal interface INetlink
{
    /// <summary>Sends a request and gives each message of its answer, until the last.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">What it is, for errors.</param>
    /// <param name="subject">What it is about, for errors.</param>
    /// <param name="take">Takes the messages that carry something: their type and body.</param>
    /// <returns>Whether the answer is whole; not when what is listed changed meanwhile.</returns>
    /// <exception cref="KernelInterfaceException">The kernel refuses; the remedy is what it says itself, if anything.</exception>
    bool Ask(NetlinkWriter request, string operation, string subject, NetlinkTaker take);
}
