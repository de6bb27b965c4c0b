namespace ClientFailover.Service.AccessControl;

/// <summary>What one trustee may do, or may not.</summary>
/// <param name="Type">What the trustee is.</param>
/// <param name="ObjectId">The trustee's id, or the role's name; compared without regard to case.</param>
/// <param name="TenantId">The tenant that the trustee belongs to; null: whichever.</param>
/// <param name="IsDenied">Whether the rights are denied rather than allowed.</param>
/// <param name="Rights">The rights.</param>
internal sealed record AccessEntry(TrusteeType Type, string ObjectId, string? TenantId, bool IsDenied, AccessRights Rights);

/// <summary>What a trustee is. The numbers are those of the contract.</summary>
internal enum TrusteeType
{
    /// <summary>An account.</summary>
    User = 1,

    /// <summary>A program.</summary>
    Client = 2,

    /// <summary>Everybody in a role.</summary>
    Role = 3,
}
