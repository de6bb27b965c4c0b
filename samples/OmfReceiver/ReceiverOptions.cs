using System.Net;

namespace ClientFailover.Samples.OmfReceiver;

/// <summary>What the receiver is told on its command line, such as <c>--Port 0</c>, or by settings of the same names.</summary>
internal sealed class ReceiverOptions
{
    /// <summary>Address to listen on. Default: this machine alone.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>TCP port; 0: any free one. Default 5580.</summary>
    public int Port { get; set; } = 5580;

    /// <summary>The SQLite file. Default: omf.db in the working directory.</summary>
    public string Database { get; set; } = "omf.db";

    /// <summary>User of Basic authentication that senders must know; null (default): none is asked for.</summary>
    public string? UserName { get; set; }

    /// <summary>Password of that user.</summary>
    public string? Password { get; set; }
}
