kubeadm join 10.0.0.1:6443 --token abcdef.@@random:16:l36@@ --discovery-token-ca-cert-hash sha256:x
