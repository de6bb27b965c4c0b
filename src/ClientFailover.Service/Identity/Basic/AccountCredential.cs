namespace ClientFailover.Service.Identity.Basic;

/// <summary>Name and password of an account of the built-in store. It counts until the account changes.</summary>
/// <param name="account">Whose it is.</param>
internal sealed class AccountCredential(UserAccount account)
    : VerifiedCredential(new Caller(account.Name, CallerKind.User, account.Name, null, [account.Role], SchemeNames.Basic))
{
    /// <inheritdoc/>
    public override bool IsRevoked => account.IsRevoked;
}
