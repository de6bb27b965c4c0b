using System.Text;

namespace ClientFailover.HealthReceiver.Hosting;

/// <summary>Who may send.</summary>
public interface IReceiverAccess
{
    /// <summary>Whether a request may pass.</summary>
    /// <param name="authorization">Its header; empty: none.</param>
    bool Allows(string authorization);

    /// <summary>Takes a request that is for another address than the receiver's.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="form">Its body.</param>
    /// <returns>The answer; null: there is nothing at this address.</returns>
    OmfReply? Serve(string path, string form);
}

/// <summary>Basic authentication.</summary>
public sealed class BasicAccess(string user, string password) : IReceiverAccess
{
    private readonly string _expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public bool Allows(string authorization) => authorization == _expected;

    public OmfReply? Serve(string path, string form) => null;
}
