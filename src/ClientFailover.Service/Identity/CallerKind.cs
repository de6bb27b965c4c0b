namespace ClientFailover.Service.Identity;

/// <summary>What a caller is. The numbers are those of the documented trustee types.</summary>
internal enum CallerKind
{
    /// <summary>An account of the built-in store, of the operating system or of a directory.</summary>
    User = 1,

    /// <summary>A program that is registered with an identity provider, or holds a certificate.</summary>
    Client = 2,
}
