/**
 * exim4 that takes mail for anybody: over the network from `me` with the password `secret`, which it asks for over TLS only. `folder` holds
 * cert.pem, key.pem and `spool`, and gets `mailbox` and the logs.
 */
export const eximConfiguration = (folder: string): string => `primary_hostname = box
exim_user = mail
exim_group = mail
domainlist local_domains = *
spool_directory = ${folder}/spool
log_file_path = ${folder}/log-%s
pid_file_path = ${folder}/spool/pid
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
trusted_users = root
queue_only = false
begin acl
rcpt:
  accept authenticated = *
  deny message = log in first
begin routers
all:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  file = ${folder}/mailbox
  user = mail
  group = mail
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{me}}{eq{$auth3}{secret}}}{yes}{no}}
  server_set_id = $auth2
`;
