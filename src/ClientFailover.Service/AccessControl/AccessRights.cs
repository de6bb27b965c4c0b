namespace ClientFailover.Service.AccessControl;

/// <summary>What a caller may do with a group, or with the collection of groups. The bits are those of the contract.</summary>
[Flags]
internal enum AccessRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To see it: configuration, sessions, roles, history.</summary>
    Read = 1,

    /// <summary>To create groups, to register and delete sessions, to send heartbeats, to order roles.</summary>
    Write = 2,

    /// <summary>To delete it.</summary>
    Delete = 4,

    /// <summary>To see and to change its list.</summary>
    ManageAccessControl = 8,

    /// <summary>To share it. Kept for those who set it; no call needs it.</summary>
    Share = 16,

    /// <summary>Everything.</summary>
    All = Read | Write | Delete | ManageAccessControl | Share,
}
