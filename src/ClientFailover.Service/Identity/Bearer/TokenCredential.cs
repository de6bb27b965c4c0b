namespace ClientFailover.Service.Identity.Bearer;

/// <summary>A token of an identity provider. It counts until it expires; nothing but its end withdraws it.</summary>
/// <param name="caller">Whose it is.</param>
internal sealed class TokenCredential(Caller caller) : VerifiedCredential(caller)
{
    /// <inheritdoc/>
    public override bool IsRevoked => false;
}
