namespace ClientFailover.Service.Identity.Negotiate;

/// <summary>A Kerberos logon of a connection. It counts for some time, after which the connection logs on anew.</summary>
/// <param name="caller">Whose it is.</param>
internal sealed class NegotiateCredential(Caller caller) : VerifiedCredential(caller)
{
    /// <inheritdoc/>
    public override bool IsRevoked => false;
}
